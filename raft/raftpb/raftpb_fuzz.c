/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fuzz target: bytes from anywhere as each kind of encoding; the first byte says
 * which. Nothing may crash, and what is accepted must be written and read again
 * as the same.
 */
#include "raft/raftpb/raftpb_testing.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	/* The change of an entry is read in one form and written in the other. */
	raftpb_recode recode = raftpb_kinds[data[0] % RAFTPB_KINDS].recode;
	raftpb_recode reread = recode == recode_entry_conf_change ? recode_conf_change_v2 : recode;
	unsigned char *once = NULL, *twice = NULL;
	size_t once_len = 0, twice_len = 0;

	struct raft_buf *block = raft_buf_new(size - 1);
	memcpy(block->data, data + 1, size - 1);
	enum raft_error err = recode(block, &once, &once_len);
	if (block->refs != 1)
		abort();
	raft_buf_unref(block);
	if (err)
		return 0;

	block = raft_buf_new(once_len);
	memcpy(block->data, once, once_len);
	if (reread(block, &twice, &twice_len) != RAFT_OK)
		abort();
	if (once_len != twice_len || memcmp(once, twice, once_len) != 0)
		abort();
	raft_buf_unref(block);
	free(once);
	free(twice);
	return 0;
}
