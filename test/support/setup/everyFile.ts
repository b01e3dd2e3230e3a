// The API's types need it, whichever of them a file imports first.
import 'reflect-metadata';
import { afterAll } from 'vitest';
import { setResidentBytesAtMost } from '../../../src/processor/run/memory.js';
import { endFile } from '../endOfFile.js';

// The modules of a whole project are in this process: it is large without any garbage.
setResidentBytesAtMost(Number.POSITIVE_INFINITY);

// Vitest runs this before each test file, and the hook after the hooks of the file.
afterAll(endFile);
