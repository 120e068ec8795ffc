"""Extensions for VS Code that stand in for others: one that completes, one that complains."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

_MANIFEST = """\
<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="{name}" Version="1.0.0" Publisher="{publisher}"/>
    <DisplayName>{name}</DisplayName>
    <Description xml:space="preserve">Does nothing</Description>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json"/>
  </Assets>
</PackageManifest>
"""
_TYPES = """\
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension=".json" ContentType="application/json"/>
  <Default Extension=".js" ContentType="application/javascript"/>
  <Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>
"""


NOTHING = "exports.activate = () => undefined;\n"
# An error in the second line of each file whose name begins with "wrong".
COMPLAINS = """\
const vscode = require('vscode');
exports.activate = () => {
  const found = vscode.languages.createDiagnosticCollection('stub');
  const look = (document) => {
    if (/\\/wrong[^/]*$/.test(document.uri.path)) {
      const place = document.lineAt(1).range;
      found.set(document.uri, [new vscode.Diagnostic(place, 'itms is not defined')]);
    }
  };
  vscode.workspace.onDidOpenTextDocument(look);
  vscode.workspace.textDocuments.forEach(look);
};
"""


def stub_extension(publisher: str, name: str, into: Path, main: str = NOTHING) -> Path:
    """Its ``.vsix``; it is active once the window has started."""
    package = {
        "name": name,
        "publisher": publisher,
        "version": "1.0.0",
        "engines": {"vscode": "^1.91.0"},
        "main": "./main.js",
        "activationEvents": ["onStartupFinished"],
    }
    file = into / f"{publisher}.{name}.vsix"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("extension.vsixmanifest", _MANIFEST.format(name=name, publisher=publisher))
        out.writestr("[Content_Types].xml", _TYPES)
        out.writestr("extension/package.json", json.dumps(package))
        out.writestr("extension/main.js", main)
    return file
