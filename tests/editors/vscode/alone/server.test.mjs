import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server } from '../../../../editors/vscode/src/server';
import { clients } from './client.mjs';
import { state } from './vscode.mjs';

const running = () => clients.filter((each) => each.isRunning());

test('however restarts overlap, one server is left', async () => {
  state.set = { path: process.execPath };
  const server = new Server({ show() {} }, '/nowhere', undefined);
  await Promise.all([server.start(), server.restart(), server.restart()]);
  const late = server.restart();
  await Promise.all([late, server.restart(), server.restart()]);
  assert.deepEqual(running(), [server.client]);
  await Promise.all([server.restart(), server.stop()]);
  assert.deepEqual(running(), []);
});

test('a restart while a server that crashed comes back leaves one too', async () => {
  const server = new Server({ show() {} }, '/nowhere', undefined);
  await server.start();
  clients[clients.length - 1].crash();
  await server.restart();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(running(), [server.client]);
});
