# SPDX-License-Identifier: Apache-2.0
#
# Puts the lab guide together: sh lab/guide.sh [check], in the top directory. The
# frame is lab/guide.en.md; a line "@steps Election" in it stands for the texts of
# that part's steps, lab/steps/*.en.md, under the titles of lab/steps.tsv. The same
# for zh. With "check" nothing is written, and the exit status says whether the
# guides are what their parts are.

status=0
tmp=$(mktemp "${TMPDIR:-/tmp}/raftlab.XXXXXX") || exit 1
trap 'rm -f "$tmp"' EXIT
for lang in en zh; do
	if [ $lang = en ]; then
		out=Documentation/lab-guide.md title=5 read_on="Read on:"
	else
		out=Documentation/lab-guide.$lang.md title=6 read_on="参阅："
	fi
	awk -F '\t' -v lang=$lang -v title=$title -v read_on="$read_on" '
		# "Raft paper, section 5.2 and figure 4" in the language of the guide.
		function where(s)
		{
			if (lang != "zh")
				return s "."
			sub(/^Raft paper, sections? /, "Raft 论文 ", s)
			if (!sub(/ and figure /, " 节和图 ", s)) {
				gsub(/ and /, "、", s)
				s = s " 节"
			}
			sub(/ \(/, "（", s)
			sub(/\)$/, "）", s)
			return s "。"
		}
		FNR == NR {
			if (!/^#/ && NF) {
				id[++n] = $1
				name[n] = $2
				read[n] = $4
				head[n] = $title
			}
			next
		}
		/^@steps / {
			part = substr($0, 8)
			for (i = 1; i <= n; i++) {
				if (index(name[i], part " ") != 1)
					continue
				printf "### %s: %s\n\n", name[i], head[i]
				file = "lab/steps/" id[i] "." lang ".md"
				while ((getline line < file) > 0)
					print line
				close(file)
				printf "\n**%s** %s `./raftLab_test.sh %s`\n\n", read_on, where(read[i]), id[i]
			}
			next
		}
		{ print }
	' lab/steps.tsv lab/guide.$lang.md >"$tmp" || exit 1
	if [ "$1" != check ]; then
		cp "$tmp" "$out"
	elif ! cmp -s "$tmp" "$out"; then
		echo "$out is not what lab/guide.$lang.md and lab/steps/ make: run make lab-guide"
		status=1
	fi
done
exit $status
