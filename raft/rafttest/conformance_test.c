/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The library against scripts that say what the original does: those of ours in
 * testdata/, and etcd's own where they are at hand, in ../shared/conformance
 * beside the repository or where RAFTLAB_CONFORMANCE says.
 */
#include "raft/rafttest/datadriven.h"
#include "raft/rafttest/runner.h"
#include "raft/rafttest/runner_kit.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Looks for name below dir, the directory above it, and so on. */
static bool find_above(char *dir, const char *name, char *path, size_t size)
{
	for (;;) {
		int n = snprintf(path, size, "%s/%s", dir, name);
		char *slash = strrchr(dir, '/');

		if (n > 0 && (size_t)n < size && is_directory(path))
			return true;
		if (!slash)
			return false;
		*slash = '\0';
	}
}

/* The repository is above the working directory, or above this program. */
static void find_in_repository(const char *name, char *path, size_t size)
{
	char dir[PATH_MAX];

	if (getcwd(dir, sizeof(dir)) && find_above(dir, name, path, size))
		return;
	ssize_t n = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	dir[n > 0 ? n : 0] = '\0';
	if (!find_above(dir, name, path, size))
		FAIL("%s is not to be found", name);
}

static void run_scripts(const char *path)
{
	struct datadriven_options o = {.out = stdout};
	struct datadriven_tally tally = {0};

	datadriven_path(path, &o, &tally);
	EXPECT_EQ(0, tally.failed);
	EXPECT(tally.passed > 0);
}

TEST_TIMEOUT(conformance_own_scripts, 60)
{
	char path[PATH_MAX];

	find_in_repository("raft/rafttest/testdata", path, sizeof(path));
	run_scripts(path);
}

TEST_TIMEOUT(conformance_shared_scripts, 60)
{
	const char *said = getenv("RAFTLAB_CONFORMANCE");
	char testdata[PATH_MAX], path[PATH_MAX + 64];

	if (said) {
		run_scripts(said);
		return;
	}
	find_in_repository("raft/rafttest/testdata", testdata, sizeof(testdata));
	snprintf(path, sizeof(path), "%s/../../../../shared/conformance", testdata);
	if (is_directory(path))
		run_scripts(path);
	else
		runner_warn("skipped conformance_shared_scripts: there is no ../shared/conformance, "
			    "nor does RAFTLAB_CONFORMANCE name one");
}
