/* step: e1
 * right: a macro that is defined and used inside the blank
 */
#define ONE_TICK 1
r->election_elapsed += ONE_TICK;
