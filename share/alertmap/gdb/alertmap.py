"""Shows alertmap's strings, label sets, times, results and buffers in gdb:

    (gdb) source /usr/share/alertmap/gdb/alertmap.py
    (gdb) print group.common_labels
    $1 = {alertname="HighLoad", severity="page"}
"""

import gdb
import gdb.printing


def text_bytes(value):
    return int(value["size_and_kind_"]) >> 2


def text_string(value):
    return gdb_string(value["data_"], text_bytes(value))


def gdb_string(data, size):
    return "" if size == 0 else data.string("utf-8", "replace", length=size)


class TextPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "absent" if int(self.value["data_"]) == 0 else text_string(self.value)

    def display_hint(self):
        return None if int(self.value["data_"]) == 0 else "string"


class LabelsPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        first = self.value["first_"]
        if int(first) == 0:
            return "absent"
        labels = ((first + i).dereference() for i in range(int(self.value["count_"]) >> 1))
        return "{" + ", ".join(f'{text_string(label["name"])}="{escaped(text_string(label["value"]))}"' for label in labels) + "}"


def escaped(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


class TimestampPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        if not bool(self.value["is_set"]):
            return "unset"
        text = text_string(self.value["text"])
        return text or f'{int(self.value["seconds"])}.{int(self.value["nanoseconds"]):09} s since 1970'


class BufferPrinter:
    def __init__(self, value):
        self.value = value

    def to_string(self):
        size = int(self.value["size_"])
        return gdb.parse_and_eval(f'((const char*){int(pointer_of(self.value["bytes_"]))})').string("utf-8", "replace", length=size) if size else ""

    def display_hint(self):
        return "string"


def pointer_of(unique):
    """The pointer in a std::unique_ptr: the first member of pointer type, for any standard library."""
    if unique.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        return unique
    for field in unique.type.strip_typedefs().fields():
        found = pointer_of(unique[field]) if unique[field].type.strip_typedefs().code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_PTR) else None
        if found is not None:
            return found
    return None


printers = gdb.printing.RegexpCollectionPrettyPrinter("alertmap")
printers.add_printer("Text", "^alertmap::Text$", TextPrinter)
printers.add_printer("Labels", "^alertmap::Labels$", LabelsPrinter)
printers.add_printer("Timestamp", "^alertmap::Timestamp$", TimestampPrinter)
printers.add_printer("Buffer", "^alertmap::Buffer$", BufferPrinter)
gdb.printing.register_pretty_printer(gdb.current_objfile(), printers, replace=True)
