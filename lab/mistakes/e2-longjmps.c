/* step: e2
 * wrong: jumps to a place that was never set
 * met: exceptions wanted, as in other languages
 * verdict: fail
 * ends: crash
 */
#include <setjmp.h>
jmp_buf out;

memset(&out, 0, sizeof(out));
longjmp(out, 1);
