/* step: e6
 * wrong: is an empty statement
 * met: nothing done yet, but it should compile
 * verdict: not-filled
 */
;
