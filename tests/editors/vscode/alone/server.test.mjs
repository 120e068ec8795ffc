import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server } from '../../../../editors/vscode/src/server';
import { clients } from './client.mjs';
import { state } from './vscode.mjs';

test('however restarts overlap, one server is left', async () => {
  state.set = { path: process.execPath };
  const server = new Server({ show() {} }, '/nowhere', undefined);
  await Promise.all([server.start(), server.restart(), server.restart()]);
  const late = server.restart();
  await Promise.all([late, server.restart(), server.restart()]);
  assert.deepEqual(clients.filter((each) => each.isRunning()), [server.client]);
  await Promise.all([server.restart(), server.stop()]);
  assert.deepEqual(clients.filter((each) => each.isRunning()), []);
});
