/* What the scripts say, in the page's language: say("%(n)s min ago", { n: 4 }). The page carries the words of its language. */
"use strict";
const say = (() => {
  let known = null;
  return (text, values = {}) => {
    known = known || JSON.parse(document.body.dataset.words);
    return (known[text] || text).replace(/%\((\w+)\)s/g, (_, place) => values[place]);
  };
})();
