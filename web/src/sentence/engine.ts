/** What reads and writes sentences, fetched after the page is there. */

export { generated, interpret } from "./asking";
export { told } from "./following";
export { commanded, heard } from "./heard";
export { askModel, fetchLate, lateHeard } from "./later";
