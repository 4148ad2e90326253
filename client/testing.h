/* SPDX-License-Identifier: Apache-2.0 */
/* For the tests: a run of the program whose input and output are in memory. */
#ifndef CLIENT_TESTING_H
#define CLIENT_TESTING_H

#include <stdlib.h>
#include <string.h>

#include "client/command.h"

struct fake {
	struct ctl ctl;
	struct pool pool;
	char *out;
	char *err;
	size_t out_len;
	size_t err_len;
};

static inline void fake_open(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	pool_init(&f->pool);
	f->ctl.pool = &f->pool;
	f->ctl.out = open_memstream(&f->out, &f->out_len);
	f->ctl.err = open_memstream(&f->err, &f->err_len);
	f->ctl.in = fopen("/dev/null", "r");
	flagset_init(&f->ctl.flags, &f->pool);
}

/* fake_flush brings f->out and f->err up to date. */
static inline void fake_flush(struct fake *f)
{
	fflush(f->ctl.out);
	fflush(f->ctl.err);
}

static inline void fake_close(struct fake *f)
{
	fclose(f->ctl.in);
	fclose(f->ctl.out);
	fclose(f->ctl.err);
	free(f->out);
	free(f->err);
	pool_free(&f->pool);
}

#endif
