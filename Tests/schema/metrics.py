#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what `headgate metrics` prints with the OpenMetrics reader of Prometheus's client, and `status --json` beside it.

    Tests/schema/metrics.py HEADGATE
"""
import json
import pathlib
import subprocess
import sys
import tempfile
from datetime import datetime

from prometheus_client.openmetrics.parser import text_string_to_metric_families

headgate = str(pathlib.Path(sys.argv[1]).resolve())


def run(home, *words):
    return subprocess.run([headgate, *words, "--home", home], capture_output=True, text=True, timeout=120)


def samples(text):
    """Every number by its name and labels; the reader refuses what OpenMetrics does not allow."""
    found = {}
    for family in text_string_to_metric_families(text):
        if not family.documentation:
            sys.exit(f"{family.name} has no help")
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


with tempfile.TemporaryDirectory() as home:
    samples(run(home, "metrics").stdout)
    demo = run(home, "demo", "--once")
    if demo.returncode != 0:
        sys.exit(f"headgate demo --once ended with {demo.returncode}: {demo.stderr}")
    found = samples(run(home, "metrics").stdout)
    status = json.loads(run(home, "status", "--json").stdout)

compared = 0
for customer in status["customers"]:
    for connection in customer["connections"]:
        for stream in connection["streams"]:
            labels = (("connection", connection["id"]), ("customer", customer["id"]), ("stream", stream["id"]))
            for name, member in (("caught_up", "caughtUpTo"), ("last_success", "lastSuccess"), ("loss", "lossAt")):
                if name == "loss" and stream["losingSince"]:
                    continue
                metric = found.get((f"headgate_stream_{name}_timestamp_seconds", labels))
                time = stream[member] and datetime.fromisoformat(stream[member].replace("Z", "+00:00")).timestamp()
                if (metric is None) != (time is None) or (metric is not None and abs(metric - time) > 1):
                    sys.exit(f"{labels}: {name} is {metric} in the metrics and {time} in the status")
                compared += 1
if not compared:
    sys.exit("the demonstration has no stream to compare")
print(f"metrics: {len(found)} numbers read, {compared} compared with the status")
