/** What `guide-states.js` gives to the guide's modules; not there where that script did not run, and the page holds every state. */
interface Window {
  guideStates?: {
    /** The section of a state, as text; undefined where there is no such state. */
    text(id: string): string | undefined;
    /** The section of a state, put into the page if it is not there. */
    section(id: string): HTMLElement | null;
    /** Put every state into the page. */
    every(): void;
  };
}
