"""Copies the site's files into FOLDER under their names in the repository, so that links work in both. Writes FOLDER/../mkdocs.yml with
docs/README.md as the table of contents. Arguments: the root of the repository, FOLDER.

Fails on a broken link, or if a page of docs/ is not in the table of contents."""

import json
import pathlib
import re
import shutil
import sys

root, out = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
problems = []
shutil.rmtree(out, ignore_errors=True)


def links(page):
    """The repository files that a page links; code is not a link."""
    text = re.sub(r"^[ ]*```.*?^[ ]*```", "", page.read_text(), flags=re.M | re.S)
    text = re.sub(r"`[^`\n]*`", "code", text)
    for target in re.findall(r"\]\(([^()\s]+)\)", text):
        if "://" in target or target.startswith(("#", "mailto:")):
            continue
        file = (page.parent / target.split("#")[0]).resolve()
        if file.is_dir():
            file = file / "README.md"
        if not file.is_file() or root not in file.parents:
            problems.append(f"{page.relative_to(root)}: no file {target}")
        else:
            yield file


def title(page):
    return re.search(r"^# (.+)$", page.read_text(), re.M)[1].replace("`", "")


# All pages that can be reached from README.md.
found, todo = {root / "README.md"}, [root / "README.md"]
while todo:
    page = todo.pop()
    for file in links(page):
        if file not in found:
            found.add(file)
            if file.suffix == ".md":
                todo.append(file)
for file in sorted(found):
    copy = out / file.relative_to(root)
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, copy)
shutil.copytree(root / "docs/site", out / "docs/site", ignore=shutil.ignore_patterns("*.py", "Doxyfile"), dirs_exist_ok=True)

pages = {page for page in (root / "docs").rglob("*.md")}
for page in sorted(pages - found):
    problems.append(f"{page.relative_to(root)}: no page links to it")

# The table of contents: the links of docs/README.md, under its headings.
contents = root / "docs/README.md"
navigation = [{"alertmap": "README.md"}, {"Documentation": "docs/README.md"}]
heading, listed = navigation, set()
for line in re.sub(r"^```.*?^```", "", contents.read_text(), flags=re.M | re.S).splitlines():
    if line.startswith("## "):
        heading = []
        navigation.append({line[3:]: heading})
    if line.startswith(("- [", "| [")):
        for target in re.findall(r"\]\(([\w./-]+\.md)\)", line.split("](")[0] + "](" + line.split("](")[1].split(")")[0] + ")"):
            page = (contents.parent / target).resolve()
            if page in pages and page not in listed:
                listed.add(page)
                heading.append({title(page): str(page.relative_to(root))})
navigation = [entry for entry in navigation if list(entry.values())[0]]
for page in sorted(pages - listed - {contents}):
    problems.append(f"{page.relative_to(root)}: not in the table of contents of docs/README.md")
project = [page for page in sorted(found - pages) if page.suffix == ".md" and page != root / "README.md"]
navigation.append({"The project": [{title(page): str(page.relative_to(root))} for page in project]})

# Doxygen generates the reference as HTML; a page of the site links to it.
reference = ["# API reference\n", "[All classes, functions and headers](api/index.html), made from the headers by Doxygen.\n",
             "| header | |", "|---|---|"]
for header in sorted((root / "include/alertmap").glob("*.hpp")):
    first = re.search(r"^/// (.+?)(?:[.:] |[.:]?$)", header.read_text(), re.M)
    reference.append(f"| `alertmap/{header.name}` | {first[1] if first else ''} |")
(out / "reference.md").write_text("\n".join(reference) + "\n")
navigation.insert(2, {"API reference": "reference.md"})

# JSON is YAML.
(out.parent / "mkdocs.yml").write_text(json.dumps({
    "INHERIT": str(root / "mkdocs.yml"), "docs_dir": str(out), "site_dir": str(out.parent / "html"), "nav": navigation}, indent=1))
print("\n".join(problems) or f"{len(found)} files")
sys.exit(bool(problems))
