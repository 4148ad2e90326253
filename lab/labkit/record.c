/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/record.h"

#include <stdlib.h>
#include <sys/mman.h>

#define RECORD_SIZE ((size_t)64 << 20) /* only what is written to takes memory */

static unsigned char *record;
static size_t record_len, record_at;

static size_t record_size_of(uint64_t nmsgs)
{
	return sizeof(struct lab_outcome) + nmsgs * sizeof(struct lab_seen_message);
}

void lab_record_start(void)
{
	if (record)
		munmap(record, RECORD_SIZE);
	record = mmap(NULL, RECORD_SIZE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (record == MAP_FAILED)
		abort();
	record_len = record_at = 0;
}

void lab_record_replay(void)
{
	mprotect(record, RECORD_SIZE, PROT_READ);
	record_at = 0;
}

struct lab_outcome *lab_record_room(uint64_t nmsgs)
{
	if (!record || nmsgs > RECORD_SIZE / sizeof(struct lab_seen_message) ||
		record_size_of(nmsgs) > RECORD_SIZE - record_len)
		return NULL;
	return (struct lab_outcome *)(record + record_len);
}

void lab_record_keep(struct lab_outcome *o)
{
	record_len += record_size_of(o->nmsgs);
}

const struct lab_outcome *lab_record_next(void)
{
	return record_at < record_len ? (const struct lab_outcome *)(record + record_at) : NULL;
}

void lab_record_advance(void)
{
	const struct lab_outcome *o = lab_record_next();

	if (o)
		record_at += record_size_of(o->nmsgs);
}
