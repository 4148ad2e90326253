/* step: e1
 * wrong: keeps the clock in a static variable: all nodes of a process share it
 * met: works with one node, and in gdb
 * verdict: fail
 */
static int ticks;

r->election_elapsed = ++ticks;
