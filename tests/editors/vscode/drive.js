// Drives one session of VS Code in a browser and prints what it saw, as JSON, for the tests to
// judge. Its one argument is JSON: { part, playwright, chromium, port, folder, shots }, and what
// the module of that part wants besides.

const { drive, task } = require('./screen');

drive(require(`./${task.part}`));
