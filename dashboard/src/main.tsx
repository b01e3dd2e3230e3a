import './styles/page.css';
import { render } from 'preact';
import { followHeads } from './ledger/heads.js';
import { App } from './shell/app.js';
import { languageIsReady } from './texts/texts.js';
import { findWallets } from './wallet/wallets.js';

const root = document.getElementById('page');
if (root !== null) void languageIsReady.then(() => render(<App />, root));
findWallets();
void followHeads();
