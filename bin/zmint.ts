#!/usr/bin/env node
import { main } from '../commands/cli/main.js';
import { createSurroundings } from './surroundings.js';

process.exit(await main(process.argv.slice(2), createSurroundings()));
