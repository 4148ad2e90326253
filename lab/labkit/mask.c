/* SPDX-License-Identifier: Apache-2.0 */
#include "lab/labkit/mask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const char *const lab_blank_ids[] __attribute__((weak));
extern unsigned long long lab_students_blanks __attribute__((weak));

static unsigned long long mask_set;

/* Whether the program has two texts in its blanks. */
static bool mask_exists(void)
{
	return &lab_students_blanks != NULL && lab_blank_ids != NULL;
}

static bool mask_of_id(const char *id, size_t len, unsigned long long *mask)
{
	for (int i = 0; mask_exists() && lab_blank_ids[i]; i++) {
		if (strlen(lab_blank_ids[i]) == len && memcmp(lab_blank_ids[i], id, len) == 0) {
			*mask |= 1ULL << i;
			return true;
		}
	}
	fprintf(stderr, "RAFTLAB_STUDENT: there is no blank %.*s\n", (int)len, id);
	return false;
}

bool lab_mask_students(unsigned long long *mask)
{
	const char *s = getenv("RAFTLAB_STUDENT");

	*mask = s ? 0 : ~0ULL;
	while (s && *s) {
		size_t len = strcspn(s, ",");

		if (!mask_of_id(s, len, mask))
			return false;
		s += len;
		s += *s == ',';
	}
	return true;
}

unsigned long long lab_mask_swap(unsigned long long mask)
{
	unsigned long long old = mask_set;

	mask_set = mask;
	if (mask_exists())
		lab_students_blanks = mask;
	return old;
}

bool lab_mask_intact(void)
{
	return !mask_exists() || lab_students_blanks == mask_set;
}
