# SPDX-License-Identifier: Apache-2.0
#
# Makes the students' tree: sh lab/handout.sh [DIR], in the top directory. It has
# what git tracks here, but with the blanks of raft/raft.c emptied and without what
# lab/teacher.txt names, as a git repository of one commit, so that `git diff` shows
# the student's work. DIR.tar.gz stands beside it.

out=${1:-handout/raftlab}
out=${out%/}

die()
{
	echo "handout: $*" >&2
	exit 1
}

[ ! -e lab/HANDOUT ] || die "this tree is a handout itself: its solutions are taken out already." \
	"Make handouts from the tree that has the solutions."
[ -f lab/teacher.txt ] && [ -f raft/raft.c ] || die "run me by 'make handout' in the top directory"

# Running git for another repository: forget what a hook may have set for this one.
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE GIT_PREFIX

tmp=$(mktemp -d "${TMPDIR:-/tmp}/raftlab.XXXXXX") || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM

# Only an untouched handout is replaced.
if [ -e "$out" ] && [ -n "$(ls -A "$out")" ]; then
	[ -f "$out/lab/HANDOUT" ] && [ -d "$out/.git" ] &&
		[ "$(git -C "$out" rev-list --all --count 2>/dev/null)" = 1 ] &&
		[ -z "$(git -C "$out" status --porcelain 2>&1)" ] ||
		die "$out is in use (it is no untouched handout); remove it or choose another OUT=dir"
	rm -rf "$out" || exit 1
fi

# --- the files ------------------------------------------------------------------

if [ "$(git rev-parse --show-toplevel 2>/dev/null)" = "$(pwd -P)" ]; then
	git -c core.quotePath=false ls-files
	version=$(git describe --always --dirty)
else
	# An unpacked release.
	find . -path ./.git -prune -o -path ./build -prune -o -path ./bin -prune -o \
		-path ./handout -prune -o -type f -print | sed 's,^\./,,'
	version=unknown
fi >"$tmp/all"
awk 'NR == FNR { if (!/^#/ && NF) out[$0] = 1; next }
	{
		for (p in out)
			if ($0 == p || index($0, p "/") == 1)
				next
		print
	}' lab/teacher.txt "$tmp/all" | while IFS= read -r f; do
	[ -f "$f" ] && printf '%s\n' "$f"
done >"$tmp/files"

mkdir -p "$out" || exit 1
tar -cf "$tmp/tree.tar" -T "$tmp/files" && tar -xf "$tmp/tree.tar" -C "$out" ||
	die "the files could not be copied"

awk -v mode=empty -f lab/blanks.awk lab/steps.tsv raft/raft.c >"$out/raft/raft.c" ||
	die "the blanks could not be found"
filled=$(awk -v mode=list -f lab/blanks.awk lab/steps.tsv "$out/raft/raft.c" |
	awk -F '\t' '$7 != "empty" { printf " %s", $2 }') || exit 1
[ -z "$filled" ] || die "there are solutions left in$filled"

cat >"$out/lab/HANDOUT" <<END
This tree is the handout of the lab, made from version $version.
It has no solutions; no handout can be made from it.
END

# --- the repository ---------------------------------------------------------------

(
	cd "$out" || exit 1
	git -c init.defaultBranch=main init -q . &&
		git -c core.autocrlf=false add -A -f . &&
		git -c user.name=RaftLab -c user.email=raftlab@localhost -c commit.gpgSign=false \
			-c core.hooksPath=/dev/null commit -q -m "Start the lab" \
			-m "Fill in the ten blanks of raft/raft.c; Documentation/lab-guide.md says how."
) || die "the git repository could not be made"

tar -czf "$out.tar.gz" -C "$(dirname "$out")" "$(basename "$out")" ||
	die "$out.tar.gz could not be written"
echo "$out and $out.tar.gz: $(awk 'END { print NR }' "$tmp/files") files, version $version"
