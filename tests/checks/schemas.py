"""Validates the bodies in tests/golden/ against their JSON Schemas (schema.json in a target's directory) with an independent validator.
Arguments: the directory."""

import json
import pathlib
import sys

import jsonschema

problems = []
checked = 0
for schema_file in sorted(pathlib.Path(sys.argv[1]).glob("*/schema.json")):
    schema = json.loads(schema_file.read_text())
    validator = jsonschema.Draft7Validator(schema)
    validator.check_schema(schema)
    for body in sorted(schema_file.parent.glob("*.json")):
        if body == schema_file:
            continue
        checked += 1
        for error in validator.iter_errors(json.loads(body.read_text())):
            problems.append(f"{body}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
print("\n".join(problems) or f"{checked} bodies")
sys.exit(bool(problems) or checked == 0)
