/* step: r2
 * wrong: includes a file of the lab
 * met: who would like to see what the grader does
 * verdict: tampered
 */
#include "lab/labkit/labkit.h"
raft_bcast_append(r);
