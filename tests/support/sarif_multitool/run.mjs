// The JSON schema of SARIF 2.1.0, as it comes with Microsoft's tool for such files.

import { readFileSync } from "node:fs";

const place = "node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json";
process.stdout.write(readFileSync(place, "utf-8"));
