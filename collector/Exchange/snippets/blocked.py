#!/usr/bin/env python3
"""Sites that were blocked, by day and provider, from a collector's public files: blocked.py http://COLLECTOR:8080 [CC]

Needs Python 3 and nothing else. Every file is compared with the hash in its manifest.
"""
import csv, gzip, hashlib, io, json, sys, urllib.request
from collections import Counter

def get(path):
    with urllib.request.urlopen(sys.argv[1].rstrip("/") + path) as answer:
        return answer.read()

blocked, whose = Counter(), set()
for dump in json.loads(get("/api/v1/dumps"))["items"]:
    manifest = json.loads(get("/api/v1/dumps/" + dump["day"]))
    whose.update([manifest["licence"], *manifest["attribution"]])
    for file in manifest["files"]:
        if file["kind"] != "cells" or not file["name"].endswith(".csv.gz"):
            continue
        data = get(manifest["path"] + "/" + file["name"])
        if hashlib.sha256(data).hexdigest() != file["sha256"]:
            sys.exit(file["name"] + " is not the file that its manifest names")
        for cell in csv.DictReader(io.TextIOWrapper(gzip.open(io.BytesIO(data)), encoding="utf-8", newline="")):
            if cell["state"] in ("blocked", "likely_blocked") and cell["cc"] in (sys.argv[2:] or [cell["cc"]]):
                blocked[cell["since"][:10], int(cell["asn"]), cell["isp"]] += 1

print("day,asn,isp,blocked")
for (day, asn, isp), sites in sorted(blocked.items()):
    print(day, asn, isp, sites, sep=",")
print("\n".join(sorted(whose)), file=sys.stderr)
