import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, test } from 'node:test';
import { GettingModel } from '../../../../editors/vscode/src/gettingModel';
import { state } from './vscode.mjs';

const ENTRY = { name: 'tiny', sizeBytes: 100, licence: 'MIT', about: '', source: 'here', isThere: false };
const ANSWERS = {
  'inglenook/catalogue': { models: [ENTRY], modelsDir: '/', engine: { isThere: true, requirement: 'x' } },
  'inglenook/models': { models: [] },
};
let memory;
let server;
let getting;

beforeEach(() => {
  state.asked = [];
  memory = new Map();
  server = { client: { sendRequest: async (method) => ANSWERS[method] } };
  const kept = { get: (key) => memory.get(key), update: async (key, value) => memory.set(key, value) };
  getting = new GettingModel(server, kept, { info() {} });
});

const turns = async (count = 20) => {
  for (let number = 0; number < count; number += 1) await Promise.resolve();
};

/** The words that were asked so far, each by its first few. */
const asked = () => state.asked.map(({ text }) => text.slice(0, 24));

test('it can be asked for while the first question is not answered', async () => {
  void getting.offer();
  await turns();
  void getting.offer();
  await turns();
  assert.equal(state.asked.length, 2);
  state.asked[0].resolve(undefined); // VS Code takes away the older of two that are the same
  await turns();
  assert.equal(memory.size, 0);
  state.asked[1].resolve('Use Ollama…');
  await turns();
  assert.match(state.asked[2].text, /Install Ollama/);
});

test('who closes the question is not asked again by itself, and may still ask', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const offline = async () => {
    getting.onStatus('offline');
    context.mock.timers.tick(5000);
    await turns();
  };
  await offline();
  await offline();
  assert.equal(state.asked.length, 1, 'once, as long as it is open');
  state.asked[0].resolve(undefined);
  await turns();
  await offline();
  assert.equal(state.asked.length, 1);
  void getting.offer();
  await turns();
  assert.equal(state.asked.length, 2);
});

test('a line of the download that says nothing is passed over', async () => {
  server.program = path.join(mkdtempSync(path.join(tmpdir(), 'model-')), 'program');
  writeFileSync(server.program, '#!/bin/sh\necho warning\necho null\necho \'{"bytes": 50}\'\n');
  chmodSync(server.program, 0o755);
  const offered = getting.offer();
  await turns();
  state.asked[0].resolve('Get It');
  await offered;
  assert.match(asked()[1], /tiny is there/);
});
