import { afterAll } from 'vitest';
import { endFile } from '../endOfFile.js';

// Vitest runs this before each test file, and the hook after the hooks of the file.
afterAll(endFile);
