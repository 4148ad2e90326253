/* step: e4
 * wrong: is what the empty blank is
 * met: nothing done yet
 * verdict: not-filled
 */
return;
