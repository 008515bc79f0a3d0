#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds connectors/schema.json and wizard/schema.json against the tables that lint is tested with (python3-jsonschema, in
CI only).

Each row of mutations.json breaks a good definition in one way. Lint must refuse every row (ConnectorsTests); the schema
must refuse the rows that say so, and accept the others, which only lint can see. flow-mutations.json does the same for
flows (WizardTests).
"""
import copy
import json
import pathlib
import sys

import jsonschema

here = pathlib.Path(__file__).resolve().parent
root = here.parent.parent


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def change(document, row):
    document = copy.deepcopy(document)
    tokens = [t.replace("~1", "/").replace("~0", "~") for t in row["at"].split("/")[1:]]
    place = document
    for token in tokens[:-1]:
        place = place[int(token)] if isinstance(place, list) else place[token]
    last = int(tokens[-1]) if isinstance(place, list) else tokens[-1]
    if row["do"] == "remove":
        del place[last]
    else:
        place[last] = row["value"]
    return document


schema = load(root / "connectors" / "schema.json")
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
bases = {
    "office365": load(root / "connectors" / "office365-management" / "connector.json"),
    "general": load(here / "general.json"),
}
good = [(p.parent.name, load(p)) for p in sorted((root / "connectors").glob("*/connector.json"))]
good.append(("general", bases["general"]))

wrong = []
for name, document in good:
    for error in validator.iter_errors(document):
        wrong.append(f"{name}: refused at /{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
rows = load(here / "mutations.json")
for row in rows:
    refused = not validator.is_valid(change(bases[row["of"]], row))
    if refused != row["schema"]:
        wrong.append(f"{row['name']}: the schema {'refuses' if refused else 'accepts'} it, the table says otherwise")

flow_schema = load(root / "wizard" / "schema.json")
jsonschema.Draft202012Validator.check_schema(flow_schema)
validator = jsonschema.Draft202012Validator(flow_schema)
flows = [(p.parent.name, load(p)) for p in sorted((root / "wizard").glob("*/flow.json"))]
for name, document in flows:
    for error in validator.iter_errors(document):
        wrong.append(f"{name}: refused at /{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
flow_rows = load(here / "flow-mutations.json")
whole = dict(flows)["microsoft-365"]
for row in flow_rows:
    refused = not validator.is_valid(change(whole, row))
    if refused != row["schema"]:
        wrong.append(f"{row['at']}: the schema {'refuses' if refused else 'accepts'} it, the table says otherwise")

said = f"schema and lint agree on {len(good)} definitions and {len(rows)} changes, {len(flows)} flows and {len(flow_rows)} changes"
print("\n".join(wrong) if wrong else said)
sys.exit(1 if wrong else 0)
