/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: any text as a script. It may be refused or make raft panic, by name;
 * it must not crash, and must not leak unless it panics.
 */
#include "raft/rafttest/datadriven.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void __lsan_disable(void);
void __lsan_enable(void);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	static FILE *nowhere;
	struct strbuf rewritten = {0};

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");

	/* A panic leaves memory behind: whether there is one is tried first. */
	__lsan_disable();
	enum datadriven_result result =
		datadriven_run("script", text, size, &rewritten, NULL, nowhere);
	strbuf_free(&rewritten);
	__lsan_enable();
	if (result != DATADRIVEN_PANICKED)
		datadriven_run("script", text, size, NULL, NULL, nowhere);
	return 0;
}
