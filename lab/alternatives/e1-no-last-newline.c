/* step: e1
 * right: deeply indented with spaces, and the last line does not end
 */

                                        r->election_elapsed++;