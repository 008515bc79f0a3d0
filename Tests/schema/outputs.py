#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds docs/schemas against what the command prints, over a home that the demonstration has filled.

    Tests/schema/outputs.py HEADGATE
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema

root = pathlib.Path(__file__).resolve().parent.parent.parent
headgate = str(pathlib.Path(sys.argv[1]).resolve())
broken = 0
checked = 0


def run(*words):
    return subprocess.run([headgate, *words, "--home", home], capture_output=True, text=True, timeout=120)


def check(name, *words):
    """Runs a command and validates what it prints; its exit code is not looked at, since findings set it."""
    global broken, checked
    schema = json.loads((root / "docs" / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    done = run(*words)
    checked += 1
    try:
        errors = [e.message + " at /" + "/".join(map(str, e.absolute_path))
                  for e in validator(schema).iter_errors(json.loads(done.stdout))]
    except ValueError as error:
        errors = [f"no JSON: {error}; {done.stderr.strip()}"]
    for error in errors[:5]:
        print(f"headgate {' '.join(words)} breaks docs/schemas/{name}.json: {error}")
    broken += bool(errors)


with tempfile.TemporaryDirectory() as home:
    for filled in (False, True):
        if filled:
            demo = run("demo", "--once")
            if demo.returncode != 0:
                sys.exit(f"headgate demo --once ended with {demo.returncode}: {demo.stderr}")
        check("connector-list", "connector", "list", "--json")
        check("connector-show", "connector", "show", "office365-management", "--json")
        check("connector-lint", "connector", "lint", "--json")
        check("connector-test", "connector", "test", "--json")
        check("connector-explain", "connector", "explain", "office365-management", "--json")
        sample = pathlib.Path(home) / "answer.txt"
        sample.write_text("HTTP/1.1 403 Forbidden\n\n{}", encoding="utf-8")
        check("connector-explain-error", "connector", "explain", "error", str(sample), "--json")
        check("connector-trust", "connector", "trust", "office365-management", "--json")
        check("wizard-lint", "wizard", "lint", "--json")
        check("wizard-list", "wizard", "list", "--json")
        check("wizard-trust", "wizard", "trust", "microsoft-365", "--json")
        check("customer-list", "customer", "list", "--json")
        check("connection-list", "connection", "list", "--json")
        check("config-show", "config", "show", "--json")
        check("gaps", "gaps", "--all", "--json")
        check("issues", "issues", "--all", "--json")
        if filled:
            check("rotate", "rotate", "--all", "--expiring", "P400D", "--plan", "--json")
            check("rotate", "rotate", "contoso/o365", "--plan", "--json")
            check("remove", "remove", "contoso/o365", "--plan", "--json")
        check("export", "export")
        check("status", "status", "--json")
    check("customer-show", "customer", "show", "contoso", "--json")
    check("connection-show", "connection", "show", "contoso/o365", "--json")
    check("doctor", "doctor", "--json")
    exported = pathlib.Path(home) / "export.txt"
    exported.write_text(run("export").stdout, encoding="utf-8")
    check("apply", "apply", str(exported), "--plan", "--json")
    check("reconfigure", "reconfigure", "contoso/o365", "--set", "displayName=Office 365", "--json")
    check("backfill", "backfill", "contoso/o365", "--from", "P3D", "--plan", "--json")
    check("test", "test", "contoso", "--json")

print(f"{checked} outputs held against their schemas, {broken} broken")
sys.exit(1 if broken else 0)
