import { parentPort, workerData } from 'node:worker_threads';
import { serveLane } from '../src/adapters/fs/serve-lane.js';

const { zoneHome } = workerData as { readonly zoneHome: string };
if (parentPort !== null) serveLane(parentPort, zoneHome);
