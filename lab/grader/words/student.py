# SPDX-License-Identifier: Apache-2.0
"""What a student reads: reports, --watch, hints, the command line."""

WORDS = {
    # --- a student's report
    "label-test": ("test", "测试"),
    "label-about": ("situation", "情景"),
    "label-expected": ("expected", "期望"),
    "label-seen": ("seen", "看到"),
    "label-event": ("departs when", "分岔处"),
    "label-reference": ("reference", "参考"),
    "label-yours": ("yours", "你的"),
    "label-proof": ("proof", "证明"),
    "label-think": ("think", "想一想"),
    "label-read-on": ("read on", "参阅"),
    "label-try": ("try", "试试"),
    "label-more": ("more", "详情"),
    "test-count": (" (the first of {failed} that fail)", "（共 {failed} 个测试失败，这是第一个）"),
    "guide": ("Documentation/lab-guide.md", "Documentation/lab-guide.zh.md"),
    "where-to-read": ('{guide}, "{marker}"; {paper}', "{guide} 的“{marker}”；{paper}"),
    "try-hint": ("a hint", "提示"),
    "try-gdb": ("this test in gdb", "在 gdb 里看这个测试"),
    "try-sanitize": ("where memory is used wrongly", "哪里用错了内存"),
    "outside-compile": ("What was changed outside the blanks does not compile; the steps were judged without it:",
                        "空以外的改动编译不过；以上各步是不带这些改动评判的："),
    "outside-fails": ("With the reference in all blanks this fails, too: the fault is outside of them.",
                      "所有的空都换成参考代码，仍然失败：问题在空以外。"),
    "warnings": ("The compiler warns; ./build.sh will not accept that:", "编译器有警告；./build.sh 不会接受："),
    "progress": ("{passed} of {all} steps passed", "{all} 步中通过了 {passed} 步"),
    "next": ("Next: {id}, {name}{where}", "下一步：{id}，{name}{where}"),
    "next-where": (", raft/raft.c:{line}, {function}()", "，raft/raft.c:{line}，{function}()"),
    "next-empty": ("      {guide} tells what to do; ./raftLab_test.sh hint {id} gives a hint.",
                   "      要做什么，见 {guide}；要提示，用 ./raftLab_test.sh hint {id}。"),
    "no-file": ("raft/raft.c is not there; git checkout raft/raft.c brings it back as you last committed it.",
                "raft/raft.c 不见了；git checkout raft/raft.c 可以恢复到你上次提交的样子。"),
    "gdb-fails": ("{name}: {test} fails; gdb stops at raft/raft.c:{line} and at the failed expectation",
                  "{name}：{test} 失败；gdb 会停在 raft/raft.c:{line}，以及没有得到满足的期望那里"),
    "gdb-passes": ("{name}: no test fails; gdb runs {test} and stops at raft/raft.c:{line}",
                   "{name}：没有测试失败；gdb 运行 {test}，停在 raft/raft.c:{line}"),
    # --- with --watch
    "watching": ("watching {file} (Ctrl-C ends it)", "正在监视 {file}（Ctrl-C 结束）"),
    "saved": ("{file} was saved", "{file} 已保存"),
    "saved-step": ("{file} was saved: {steps} changed", "{file} 已保存：改动了 {steps}"),
    "gone": ("{file} is not there; waiting for it", "{file} 不存在，等待中"),
    "done": ("All done. The cluster works.", "全部完成，集群可以工作了。"),
    "ready": ("waiting for the next save", "等待下一次保存"),
    "judge-failed": ("the test could not be run:", "无法运行测试："),
    # --- hints
    "hint-head": ("{id}  {marker}: {title} (hint {level} of {last})",
                  "{id}  {marker}：{title}（第 {level} 条提示，共 {last} 条）"),
    "hint-next": ("The next hint says more: ./raftLab_test.sh hint {id} {next}",
                  "下一条提示说得更多：./raftLab_test.sh hint {id} {next}"),
    "hint-last": ("That was the last hint. Try it: ./raftLab_test.sh {id}",
                  "这是最后一条提示。试试看：./raftLab_test.sh {id}"),
    "hint-no-level": ('there is no hint "{level}"; the hints of a step are 1, 2 and 3',
                      "没有第“{level}”条提示；每一步的提示是 1、2、3"),
    "hint-one-step": ("one step at a time, please: ./raftLab_test.sh hint {id}",
                      "请一次只看一步：./raftLab_test.sh hint {id}"),
    "hint-missing": ("hint {level} of {marker} is missing: {path}", "{marker} 的第 {level} 条提示不存在：{path}"),
    "usage-hint": ("""\
usage: ./raftLab_test.sh hint STEP [1 | 2 | 3]

Shows a hint to a step: 1 says where to look (that is the one you get without a
number), 2 is the idea, 3 is nearly the solution. The steps:

{steps}""", """\
用法：./raftLab_test.sh hint 步骤 [1 | 2 | 3]

显示某一步的提示：1 指出该看哪里（不写数字就是它），2 说明思路，3 已经很接近答案。
步骤有：

{steps}"""),
    "usage-hint-step": ("    {id}  {marker}: {title}", "    {id}  {marker}：{title}"),
    # --- the command line
    "no-option": ("there is no option {option} (-h explains)", "没有选项 {option}（见 -h）"),
    "no-language": ("--lang {value}: it can be en or zh", "--lang {value}：只能是 en 或 zh"),
    "no-step": ('there is no step "{name}"; the steps are {steps} (-h explains)', "没有“{name}”这一步；步骤有 {steps}（见 -h）"),
    "gdb-which": ("gdb: which step? For example: ./raftLab_test.sh gdb e5", "gdb：哪一步？例如：./raftLab_test.sh gdb e5"),
    "usage-part": ("    ./raftLab_test.sh {part} the steps of that part: {steps}",
                   "    ./raftLab_test.sh {part} 这一部分的各步：{steps}"),
    "usage": ("""\
usage: ./raftLab_test.sh [{names} | STEP...]
       ./raftLab_test.sh sanitize [{names} | STEP...]
       ./raftLab_test.sh gdb STEP
       ./raftLab_test.sh hint STEP [1 | 2 | 3]
       ./raftLab_test.sh --watch [STEP...]
       ./raftLab_test.sh --grade FILE...

Tests the {count} steps of the lab in raft/raft.c, or only some of them:

    ./raftLab_test.sh              all of them
{parts}
    ./raftLab_test.sh {step}           this one

    sanitize   compiled with AddressSanitizer and UBSan: slower, but sees memory used
               wrongly that goes unnoticed otherwise
    gdb        the first failing test of a step in gdb, stopped in the blank; fails none,
               then its first test
    hint       a hint to a step; 2 is more telling than 1, 3 is nearly the solution
    --watch    tests again whenever raft/raft.c is saved
    --grade    for teachers: grades files (--grade --help explains)
    --lang L   en or zh; else as the environment says (LANG)

A step has passed, failed, or is not filled in yet. What to do in each step is in
Documentation/lab-guide.md (in Chinese: Documentation/lab-guide.zh.md).

The last line is PASS or FAIL, the exit status 0 or 1 (2: wrong arguments). Set CC
to choose the compiler, NO_COLOR to have no colour.""", """\
用法：./raftLab_test.sh [{names} | 步骤...]
      ./raftLab_test.sh sanitize [{names} | 步骤...]
      ./raftLab_test.sh gdb 步骤
      ./raftLab_test.sh hint 步骤 [1 | 2 | 3]
      ./raftLab_test.sh --watch [步骤...]
      ./raftLab_test.sh --grade 文件...

测试 raft/raft.c 中实验的{count}步，或其中几步：

    ./raftLab_test.sh              全部
{parts}
    ./raftLab_test.sh {step}           这一步

    sanitize   用 AddressSanitizer 和 UBSan 编译：较慢，但能发现平时看不出的内存错误
    gdb        在 gdb 里运行某一步第一个失败的测试，停在那个空里；没有失败的，就运行第一个测试
    hint       某一步的提示；2 比 1 说得多，3 已经很接近答案
    --watch    每次保存 raft/raft.c 就重新测试
    --grade    供教师使用：给文件评分（见 --grade --help）
    --lang L   en 或 zh；不写则由环境变量（LANG）决定

每一步的结果是通过、未通过或未填写。每一步要做什么，见 Documentation/lab-guide.zh.md
（英文：Documentation/lab-guide.md）。

最后一行是 PASS 或 FAIL，退出码是 0 或 1（2：参数有误）。用 CC 选择编译器，设置 NO_COLOR 则不用颜色。"""),
}
