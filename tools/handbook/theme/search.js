// Search in the handbook. A word is found anywhere in another one, since Norwegian words
// are written together: «grad» finds «hastegraden».
const MOST_SHOWN = 12;
const AROUND = 80; // characters shown before the word that was found

const field = document.getElementById("sok");
const list = document.getElementById("treff");
const status = document.getElementById("antall");
const base = document.body.dataset.base;
let sections; // loaded once, when the field is first used

async function load() {
  const answer = await fetch(`${base}/search/search_index.json`);
  if (!answer.ok) throw new Error(`search index: ${answer.status}`);
  const plain = document.createElement("textarea"); // turns &lt; into <, runs nothing
  const decode = (html) => ((plain.innerHTML = html), plain.value);
  const docs = (await answer.json()).docs;
  const isPage = (doc) => !doc.location.includes("#");
  const pages = new Map(docs.filter(isPage).map((doc) => [doc.location, doc.title]));
  // A page is in the index as a whole too; its sections point closer.
  return docs.filter((doc) => !isPage(doc)).map((doc) => {
    const page = pages.get(doc.location.split("#")[0]);
    const title = page && page !== doc.title ? `${page}: ${doc.title}` : doc.title;
    return { location: doc.location, title: decode(title), text: decode(doc.text) };
  });
}

function found(words) {
  const score = (section) => {
    const title = section.title.toLowerCase();
    const all = `${title} ${section.text.toLowerCase()}`;
    if (!words.every((word) => all.includes(word))) return 0;
    // The pages for those on duty come before those for developers.
    const forUsers = section.location.startsWith("handbok/") ? 10 : 1;
    return forUsers + words.filter((word) => title.includes(word)).length;
  };
  return sections
    .map((section) => ({ section, score: score(section) }))
    .filter((hit) => hit.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((hit) => hit.section);
}

function line(section, word) {
  const link = document.createElement("a");
  link.href = `${base}/${section.location}`;
  link.textContent = section.title;
  const at = Math.max(section.text.toLowerCase().indexOf(word), 0);
  const text = document.createElement("p");
  text.textContent = section.text.slice(Math.max(at - AROUND, 0), at + AROUND);
  const item = document.createElement("li");
  item.append(link, text);
  return item;
}

async function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.join("").length < 2) {
    list.hidden = true;
    status.textContent = "";
    return;
  }
  try {
    sections ??= await load();
  } catch {
    status.textContent = "Søket virker ikke nå. Bruk menyen.";
    return;
  }
  const hits = found(words);
  list.replaceChildren(...hits.slice(0, MOST_SHOWN).map((hit) => line(hit, words[0])));
  list.hidden = hits.length === 0;
  status.textContent = hits.length === 1 ? "1 treff" : `${hits.length || "Ingen"} treff`;
}

field.addEventListener("input", search);
