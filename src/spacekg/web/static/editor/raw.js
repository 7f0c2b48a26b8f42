// An answer as it was sent.

import { make } from "./made.js";

const MOST = 200000; // characters

export const label = "Text";
export const fits = () => true;

export async function draw(answer, words, place) {
  const cut = answer.text.length > MOST ? `${answer.text.slice(0, MOST)}\n…` : answer.text;
  place.append(make("pre", { tabindex: "0", role: "region", "aria-label": "Answer as it was sent" }, cut));
}
