"""Verifies docs/ and README.md: output of programs, payloads, options and warnings on a page are regenerated and compared. Run it in the root
of the repository; BIN is the directory of the built programs.

    docs.py programs FOLDER       writes the program of each page (its ```cpp block) to FOLDER/<program>.cpp; its name is the page's, or
                                  that in <!-- file: NAME.cpp --> before the block
    docs.py check BIN PAGE        fails with a diff if the page is outdated
    docs.py update BIN [PAGE...]  regenerates the pages (default: all); review the diff before committing

Regenerated parts:
    a ```text block that starts with "$ command": the output of each such command, in which ./name is the program of a page
    a ```json block after a line with a link to tests/....json: that file, indented
    the table after <!-- options: target NAME -->, <!-- options: forward NAME --> or <!-- options: file NAME -->: the named options
    the table after <!-- traits -->: the traits of each target
    the table after <!-- file traits -->: the same for each target file
    the table after <!-- list: presets -->, policies, fields: the library's list
    the second column of the table after <!-- errors -->: the message of each Errc; all codes, in order
    the last column of the table after <!-- warnings -->: the parser's warnings about the body in the second column
Links to files are checked.
"""

import difflib
import json
import pathlib
import re
import subprocess
import sys

docs = pathlib.Path("docs")
target_files = pathlib.Path("share/alertmap/targets")


def write(file, text):
    """Writes only changed files, to avoid rebuilds."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or file.read_text() != text:
        file.write_text(text)


def all_pages():
    return [*sorted(docs.rglob("*.md")), pathlib.Path("README.md")]


def program_name(page):
    named = re.search(r"^<!-- file: (?:.*/)?([\w-]+)\.cpp -->\n```cpp$", page.read_text(), re.M)
    return named[1] if named else page.stem


def programs(folder):
    """Keeps the page's line numbers, for compiler messages."""
    for page in all_pages():
        text = page.read_text()
        found = list(re.finditer(r"^```cpp\n(.*?)^```\n", text, re.M | re.S))
        if len(found) > 1:
            sys.exit(f"{page}: more than one program")
        for block in found:
            line = text.count("\n", 0, block.start(1)) + 1
            name = program_name(page)
            write(folder / f"{name}.cpp", f'#line {line} "{page.as_posix()}"\n{block[1]}')
            print(f"{page.as_posix()}={name}")


def output(command, may_fail=False, **arguments):
    result = subprocess.run(command, stdout=subprocess.PIPE, **arguments)
    if result.returncode not in (0, int(may_fail)):
        sys.exit(f"{command} ended with {result.returncode}:\n{result.stdout.decode()}")
    return result.stdout.decode()


def console(block, folder):
    shown = ""
    for line in block.splitlines():
        if line.startswith("$ "):
            command = re.sub(r"(?<!\S)\./([\w-]+)", rf"'{folder}/\1'", line[2:])
            shown += line + "\n" + output(command, True, shell=True, stderr=subprocess.STDOUT)
    return shown


def indented(file):
    return json.dumps(json.loads(file.read_text()), indent=2, ensure_ascii=False) + "\n"


def listed(what, folder):
    rows = [line.split("\t") for line in output([f"{folder}/probe", what]).splitlines()]
    return f"| {what} | |\n|---|---|\n" + "".join(f"| `{name}` | {about} |\n" for name, about in rows)


def options(kind, name, folder):
    table = "| option | meaning |\n|---|---|\n"
    file = {"input": (target_files / f"{name}.json").read_bytes()} if kind == "file" else {}
    for line in output([f"{folder}/probe", kind, name], **file).splitlines():
        key, meaning, marks, choices = line.split("\t")
        if choices:
            meaning += ": " + ", ".join(f"`{choice}`" for choice in choices.split("|"))
        table += f"| `{key}` | {meaning}{f' ({marks})' if marks else ''} |\n"
    return table


def traits(folder):
    table = "| target | a repeated trigger | acknowledge | resolved by | an unknown resolve | rate |\n|---|---|---|---|---|---|\n"
    for line in output([f"{folder}/probe", "traits"]).splitlines():
        name, *cells = line.split("\t")
        table += f"| `{name}` | {' | '.join(cells)} |\n"
    return table


def file_traits():
    table = "| file | transitions | a repeated trigger | resolved by | an unknown resolve | rate | |\n|---|---|---|---|---|---|---|\n"
    for path in sorted(target_files.glob("*.json")):
        file = json.loads(path.read_text())
        traits = file["traits"]
        transitions = ", ".join(word for word in ("trigger", "acknowledge", "resolve") if word in file)
        rate = f"{traits['rate']} in {traits['rate_seconds']} s per {traits.get('rate_per', 'integration')}" if "rate" in traits else ""
        table += (f"| `{path.stem}` | {transitions} | {traits.get('repeat', 'unknown')} | {traits.get('resolves_by', 'external_id')} | "
                  f"{traits.get('unknown_resolve', 'unknown')} | {rate} | {'experimental' if traits.get('experimental') else ''} |\n")
    return table


def body(cell):
    r"""The bytes in a code span: \xHH is a non-printable byte, <text x 3> repeats the text. Without a code span: none."""
    span = cell.strip("`") if cell.startswith("`") else ""
    text = re.sub(rb"\\x([0-9A-F]{2})", lambda found: bytes.fromhex(found[1].decode()), span.encode())
    return re.sub(rb"<([^<>]+) x ([0-9]+)>", lambda found: found[1] * int(found[2]), text)


def warnings(table, folder):
    rows = table.splitlines()
    for i, row in enumerate(rows[2:], 2):
        cells = [cell.strip() for cell in row.split("|")[1:-1]]
        said = output([f"{folder}/probe", "warnings"], input=body(cells[1]))
        cells[3:] = ["<br>".join(f"`{line}`" for line in said.splitlines()) or "none"]
        rows[i] = f"| {' | '.join(cells)} |"
    return "".join(row + "\n" for row in rows)


def errors(table, folder):
    advice = {}
    for row in table.splitlines()[2:]:
        code, _, what = (cell.strip() for cell in row.split("|")[1:-1])
        advice[code.strip("`")] = what
    rows = [line.split("\t") for line in output([f"{folder}/probe", "errors"]).splitlines()]
    return "".join(f"{line}\n" for line in table.splitlines()[:2]) + "".join(
        f"| `{code}` | {message} | {advice.get(code) or 'MISSING: say what to do'} |\n" for code, message in rows)


def made_again(page, folder):
    text = page.read_text()
    text = re.sub(r"^(```text\n)(\$ .*?)(^```\n)", lambda found: found[1] + console(found[2], folder) + found[3], text, flags=re.M | re.S)
    text = re.sub(r"^([^\n]*\]\(([^()\s]*tests/[^()\s]*\.json)\)[^\n]*\n\n```json\n)(.*?)(^```\n)",
                  lambda found: found[1] + indented(page.parent / found[2]) + found[4], text, flags=re.M | re.S)
    text = re.sub(r"^(<!-- options: (target|forward|file) (\w+) -->\n)((\|.*\n)*)",
                  lambda found: found[1] + options(found[2], found[3], folder), text, flags=re.M)
    text = re.sub(r"^(<!-- list: (\w+) -->\n)((\|.*\n)*)", lambda found: found[1] + listed(found[2], folder), text, flags=re.M)
    text = re.sub(r"^(<!-- traits -->\n)((\|.*\n)*)", lambda found: found[1] + traits(folder), text, flags=re.M)
    text = re.sub(r"^(<!-- file traits -->\n)((\|.*\n)*)", lambda found: found[1] + file_traits(), text, flags=re.M)
    text = re.sub(r"^(<!-- errors -->\n)((\|.*\n)*)", lambda found: found[1] + errors(found[2], folder), text, flags=re.M)
    return re.sub(r"^(<!-- warnings -->\n)((\|.*\n)*)", lambda found: found[1] + warnings(found[2], folder), text, flags=re.M)


def problems(page, folder):
    """Problems that cannot be fixed by regenerating."""
    text = page.read_text()
    if "MISSING: say what to do" in text:
        yield f"{page}: a code without advice"
    for link in re.findall(r"\]\(([^()\s#]+)[^()\s]*\)", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)):
        if "://" not in link and not (page.parent / link).exists():
            yield f"{page}: no file {link}"
    if page.parent.name == "targets" and text.count("```json") != len(re.findall(r"tests/(?:golden|target_files)/.*\n\n```json", text)):
        yield f"{page}: a json block without a link to its golden file in front of it"
    if page == docs / "README.md":
        shown = "".join(other.read_text() for other in docs.glob("targets/*.md"))
        for line in output([f"{folder}/probe", "names"]).splitlines():
            if f"<!-- options: {line} -->" not in shown:
                yield f"docs/targets/ has no page with the options of {line}"
        for path in target_files.glob("*.json"):
            if f"<!-- options: file {path.stem} -->" not in shown:
                yield f"docs/targets/ has no page with the options of the file {path.stem}"
    program = re.search(r"^```cpp\n", text, re.M)
    if program and not re.search(rf"^\$ .*\./{program_name(page)}\b", text, re.M):
        yield f"{page}: the program is never run"


def main(mode, folder, *pages):
    if mode == "programs":
        return programs(pathlib.Path(folder))
    wrong = []
    for page in map(pathlib.Path, pages) if pages else all_pages():
        again = made_again(page, folder)
        if mode == "update":
            page.write_text(again)
        wrong += problems(page, folder)
        wrong += difflib.unified_diff(page.read_text().splitlines(), again.splitlines(), str(page), "what is true", lineterm="")
    print("\n".join(wrong) or "as it is")
    sys.exit(bool(wrong))


main(*sys.argv[1:])
