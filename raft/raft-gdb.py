# SPDX-License-Identifier: Apache-2.0
"""What gdb should know about raft/: pretty printers and commands.

    (gdb) source raft/raft-gdb.py

    raft-node [EXPR]    a node: role, term, vote, clocks, log marks, members
    raft-log  [EXPR]    its log, entry by entry, with committed and applied marked
    raft-msgs [EXPR]    the messages that it has queued

    $raft_holds(ENTRY, "text")   for conditions: does the payload contain the text?

EXPR is a struct raft or struct raft_rawnode, or a pointer to one. Without it, the
nearest `r` or `rn` on the stack is taken, of the selected thread first. Values of
raft's types print as the library's own log lines do: `print *m`, `print e`.
"""

import gdb

NONE = 0
APPEND_THREAD = (1 << 64) - 1
APPLY_THREAD = (1 << 64) - 2
MAX_SHOWN = 200  # entries or messages in one listing


def node_name(id):
    return {NONE: "None", APPEND_THREAD: "AppendThread", APPLY_THREAD: "ApplyThread"}.get(
        id, "%x" % id)


def camel(name, prefix):
    """MSG_APP_RESP, "MSG_" -> AppResp"""
    return "".join(w.capitalize() for w in name[len(prefix):].split("_"))


def enum_name(value, prefix):
    text = str(value)
    return camel(text, prefix) if text.startswith(prefix) else text


def payload(data, length):
    """A payload as gdb's user wants to see it: quoted text, cut if it is long."""
    n = int(length)
    if n == 0 or int(data) == 0:
        return '""'
    shown = min(n, 40)
    raw = gdb.selected_inferior().read_memory(int(data), shown).tobytes()
    text = "".join(chr(c) if 32 <= c < 127 and c not in b'"\\' else "\\x%02x" % c for c in raw)
    return '"%s"%s' % (text, "... (%d bytes)" % n if n > shown else "")


def entry_text(e):
    kind = str(e["type"])
    name = {"RAFT_ENTRY_NORMAL": "EntryNormal", "RAFT_ENTRY_CONF_CHANGE": "EntryConfChange",
            "RAFT_ENTRY_CONF_CHANGE_V2": "EntryConfChangeV2"}.get(kind, kind)
    return "%d/%d %s %s" % (int(e["term"]), int(e["index"]), name, payload(e["data"], e["len"]))


def items(array):
    """The elements of a struct raft_entries or raft_messages."""
    for i in range(int(array["len"])):
        yield array["v"][i]


def message_text(m):
    text = "%s->%s Msg%s Term:%d Log:%d/%d" % (
        node_name(int(m["from"])), node_name(int(m["to"])), enum_name(m["type"], "MSG_"),
        int(m["term"]), int(m["log_term"]), int(m["index"]))
    if m["reject"]:
        text += " Rejected (Hint: %d)" % int(m["reject_hint"])
    if int(m["commit"]):
        text += " Commit:%d" % int(m["commit"])
    if int(m["vote"]):
        text += " Vote:%d" % int(m["vote"])
    entries = [entry_text(e) for e in items(m["entries"])]
    if entries:
        text += " Entries:[%s]" % ", ".join(entries[:8])
        if len(entries) > 8:
            text += " and %d more" % (len(entries) - 8)
    if int(m["responses"]["len"]):
        text += " Responses:[%s]" % ", ".join(message_text(r) for r in items(m["responses"]))
    return text


def ids_text(ids):
    return "(%s)" % " ".join("%x" % int(ids["id"][i]) for i in range(int(ids["len"])))


def progress_text(pr):
    text = "State%s match=%d next=%d" % (
        enum_name(pr["state"], "RAFT_PROGRESS_"), int(pr["match"]), int(pr["next"]))
    if pr["is_learner"]:
        text += " learner"
    if pr["msg_app_flow_paused"] or str(pr["state"]) == "RAFT_PROGRESS_SNAPSHOT":
        text += " paused"
    if int(pr["pending_snapshot"]):
        text += " pendingSnap=%d" % int(pr["pending_snapshot"])
    if not pr["recent_active"]:
        text += " inactive"
    if int(pr["inflights"]["count"]):
        text += " inflight=%d" % int(pr["inflights"]["count"])
    return text


# ---- Pretty printers -----------------------------------------------------------

class Text:
    """Prints a value as one line."""

    def __init__(self, value, text):
        self.value, self.text = value, text

    def to_string(self):
        return self.text(self.value)


class Array:
    """Prints a struct raft_entries or raft_messages as a list."""

    def __init__(self, value):
        self.value = value

    def to_string(self):
        return "%d of %d" % (int(self.value["len"]), int(self.value["cap"]))

    def children(self):
        for i, item in enumerate(items(self.value)):
            yield "[%d]" % i, item

    def display_hint(self):
        return "array"


def hard_state_text(hs):
    return "Term:%d Vote:%s Commit:%d" % (
        int(hs["term"]), node_name(int(hs["vote"])), int(hs["commit"]))


def snapshot_text(s):
    md = s["metadata"]
    return "Index:%d Term:%d Voters:%s, %d bytes" % (
        int(md["index"]), int(md["term"]), ids_text(md["conf_state"]["voters"]), int(s["len"]))


def context_text(c):
    inside = int(c["len"]) <= 16
    return payload(c["u"]["bytes"].address if inside else c["u"]["buf"]["data"].address, c["len"])


LINES = {
    "raft_entry": entry_text,
    "raft_message": message_text,
    "raft_ids": ids_text,
    "progress": progress_text,
    "raft_hard_state": hard_state_text,
    "raft_snapshot": snapshot_text,
    "raft_context": context_text,
}


def lookup(value):
    type = value.type.strip_typedefs().unqualified()
    if type.code != gdb.TYPE_CODE_STRUCT:
        return None
    if type.tag in ("raft_entries", "raft_messages"):
        return Array(value)
    return Text(value, LINES[type.tag]) if type.tag in LINES else None


# ---- Finding the node -----------------------------------------------------------

def as_raft(value):
    """value as a struct raft, or None if it is nothing of the kind."""
    type = value.type.strip_typedefs()
    if type.code == gdb.TYPE_CODE_PTR:
        if value.is_optimized_out or int(value) == 0:
            return None
        value = value.dereference()
    tag = value.type.strip_typedefs().unqualified().tag
    if tag == "raft_rawnode":
        return value["raft"].dereference()
    return value if tag == "raft" else None


def raft_in_frames(frame):
    while frame is not None:
        for name in ("r", "rn"):
            try:
                found = as_raft(frame.read_var(name))
            except (ValueError, gdb.error):
                continue
            if found is not None:
                return found
        frame = frame.older()
    return None


def find_raft(arg):
    if arg:
        found = as_raft(gdb.parse_and_eval(arg))
        if found is None:
            raise gdb.GdbError("%s is not a struct raft or raft_rawnode" % arg)
        return found
    if gdb.selected_thread() is None:
        raise gdb.GdbError("no program is running")
    found = raft_in_frames(gdb.selected_frame())
    if found is None:
        raise gdb.GdbError("there is no r or rn on this stack: stop in a function of raft/ "
                           "(break raft_step), or name the node")
    return found


# ---- Commands ----------------------------------------------------------------------

def storage_entries(r):
    """The entries in Storage, if it is a MemoryStorage; its dummy is left out."""
    storage = r["raft_log"]["storage"]
    if "memory_storage_ops" not in str(storage["ops"]):
        return []
    ms = storage.cast(gdb.lookup_type("struct raft_memory_storage").pointer())
    return list(items(ms["ents"]))[1:]


class RaftNode(gdb.Command):
    """raft-node [EXPR]: a node's role, term, vote, clocks, log marks and members."""

    def __init__(self):
        super().__init__("raft-node", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, arg, from_tty):
        r = find_raft(arg)
        log = r["raft_log"]
        print("node %x: State%s at term %d, voted for %s, leader %s" % (
            int(r["id"]), enum_name(r["state"], "RAFT_STATE_"), int(r["term"]),
            node_name(int(r["vote"])), node_name(int(r["lead"]))))
        print("  clocks   election %d of %d, heartbeat %d of %d" % (
            int(r["election_elapsed"]), int(r["randomized_election_timeout"]),
            int(r["heartbeat_elapsed"]), int(r["heartbeat_timeout"])))
        print("  log      applied %d <= applying %d <= committed %d, unstable from %d (%d)" % (
            int(log["applied"]), int(log["applying"]), int(log["committed"]),
            int(log["unstable"]["offset"]), int(log["unstable"]["entries"]["len"])))
        voters = r["trk"]["config"]["voters"]["v"]
        print("  voters   %s%s" % (ids_text(voters[0]), "&&" + ids_text(voters[1])
                                   if int(voters[1]["len"]) else ""))
        for pr in items(r["trk"]["progress"]):
            print("  member   %x: %s" % (int(pr["id"]), progress_text(pr)))


class RaftLog(gdb.Command):
    """raft-log [EXPR]: a node's log; each entry as term/index type payload."""

    def __init__(self):
        super().__init__("raft-log", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, arg, from_tty):
        r = find_raft(arg)
        log = r["raft_log"]
        offset = int(log["unstable"]["offset"])
        stable = [e for e in storage_entries(r) if int(e["index"]) < offset]
        rows = [("stable", e) for e in stable]
        rows += [("unstable", e) for e in items(log["unstable"]["entries"])]
        if len(rows) > MAX_SHOWN:
            print("(the last %d of %d entries)" % (MAX_SHOWN, len(rows)))
        for where, e in rows[-MAX_SHOWN:]:
            index = int(e["index"])
            mark = ("applied" if index <= int(log["applied"]) else
                    "committed" if index <= int(log["committed"]) else "")
            print("%-9s %-9s %s" % (where, mark, entry_text(e)))
        if not rows:
            print("the log is empty")


class RaftMsgs(gdb.Command):
    """raft-msgs [EXPR]: the messages that a node has queued."""

    def __init__(self):
        super().__init__("raft-msgs", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, arg, from_tty):
        r = find_raft(arg)
        for title, queue in (("may leave at once", r["msgs"]),
                             ("wait for the disk", r["msgs_after_append"])):
            print("%s: %d" % (title, int(queue["len"])))
            for m in list(items(queue))[:MAX_SHOWN]:
                print("  " + message_text(m))


class RaftHolds(gdb.Function):
    """$raft_holds(ENTRY, "text"): whether the payload of *ENTRY contains the text."""

    def __init__(self):
        super().__init__("raft_holds")

    def invoke(self, entry, text):
        length = int(entry["len"])
        if length == 0:
            return False
        payload = gdb.selected_inferior().read_memory(int(entry["data"]), length).tobytes()
        return text.string().encode() in payload


gdb.pretty_printers.insert(0, lookup)
RaftHolds()
RaftNode()
RaftLog()
RaftMsgs()
