"""examples/custom_policy with an alert whose severity changes. Arguments: the program, the directory of the bodies."""

import pathlib
import subprocess
import sys

expected = """by fingerprint:
trigger dd960b08b12f1c8a critical: value is 563.2% / 5.63
resolve 2e954c14b4bbb7f9 warning: value is 463.2% / 4.63
without the severity:
trigger e7e8da108ac240c8 critical: value is 563.2% / 5.63
ignore e7e8da108ac240c8 warning: value is 463.2% / 4.63 (the same alert fires with another severity)
"""

body = (pathlib.Path(sys.argv[2]) / "prometheus-2.42-05.json").read_bytes()
output = subprocess.run([sys.argv[1]], input=body, stdout=subprocess.PIPE, check=True).stdout.decode()
print(output)
sys.exit(output != expected)
