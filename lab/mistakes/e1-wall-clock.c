/* step: e1
 * wrong: reads the wall clock, where only ticks count as time
 * met: who comes from MIT 6.5840, where timeouts are real time
 * verdict: fail
 */
#include <time.h>
static time_t start;

if (start == 0)
	start = time(NULL);
r->election_elapsed = (int)(time(NULL) - start);
