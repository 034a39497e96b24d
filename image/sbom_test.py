#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The list of parts is a sound SPDX 2.3 document and tells the truth.

Runs with BUILD and SRC; the rules are those of the SPDX 2.3 specification that
concern what we write."""
import hashlib
import json
import os
import re
import subprocess
import sys

build = os.environ["BUILD"]
failed = 0


def check(name, holds):
    global failed
    print(f"{'ok' if holds else 'not ok'} {name}")
    failed += not holds


subprocess.run(["make", "-s", "-C", os.environ["SRC"], f"O={build}", "sbom"],
               check=True, stdin=subprocess.DEVNULL)
with open(f"{build}/lastwatt.spdx.json", encoding="utf-8") as file:
    document = json.load(file)
packages = {package["SPDXID"]: package for package in document["packages"]}
by_name = {package["name"]: package for package in document["packages"]}
ids = set(packages) | {"SPDXRef-DOCUMENT"}
relations = document["relationships"]

check("version and data licence are SPDX 2.3's",
      document["spdxVersion"] == "SPDX-2.3" and
      document["dataLicense"] == "CC0-1.0" and
      document["SPDXID"] == "SPDXRef-DOCUMENT")
check("it has a name, a namespace and a maker",
      document["name"] and
      re.fullmatch(r"https?://[^#\s]+", document["documentNamespace"]) and
      all(re.match(r"(Tool|Person|Organization): .", creator)
          for creator in document["creationInfo"]["creators"]))
check("its time is a time",
      re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                   document["creationInfo"]["created"]))
check("identifiers are unique and well formed",
      len(packages) == len(document["packages"]) and
      all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", key) for key in packages))
for package in packages.values():
    checksum = package["checksums"][0]
    check(f"{package['name']} has all that it needs",
          package["versionInfo"] and package["filesAnalyzed"] is False and
          (package["downloadLocation"] == "NOASSERTION" or
           package["downloadLocation"].startswith("https://")) and
          re.fullmatch(r"[A-Za-z0-9.-]+( WITH [A-Za-z0-9.-]+)?",
                       package["licenseDeclared"]) and
          checksum["algorithm"] == "SHA256" and
          re.fullmatch("[0-9a-f]{64}", checksum["checksumValue"]))
check("relations name what is there",
      all(relation[end] in ids for relation in relations
          for end in ("spdxElementId", "relatedSpdxElement")))
check("it describes the program",
      {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
       "relatedSpdxElement": "SPDXRef-lastwatt"} in relations)
check("everything else is linked into it",
      {relation["relatedSpdxElement"] for relation in relations
       if relation["relationshipType"] == "STATIC_LINK"} ==
      set(packages) - {"SPDXRef-lastwatt"})

with open(f"{build}/lastwatt", "rb") as file:
    own_sum = hashlib.sha256(file.read()).hexdigest()
check("the sum is the program's",
      by_name["lastwatt"]["checksums"][0]["checksumValue"] == own_sum)
said = subprocess.run([f"{build}/lastwatt", "--version"], check=True,
                      stdout=subprocess.PIPE, text=True).stdout.split("\n")
check("--version says the same of the program",
      said[0] == f"lastwatt {by_name['lastwatt']['versionInfo']}")
check("... and of what is in it",
      set(said[1].removeprefix("with ").split(", ")) ==
      {f"{name} {package['versionInfo']}" for name, package in by_name.items()
       if name not in ("lastwatt", "libgcc")})
sys.exit(failed > 0)
