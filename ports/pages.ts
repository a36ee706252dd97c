/** How a text is named in the page it stands in: `isWhole`, it is the page's own, and its headings can be linked to. */
export type TextNaming = { isWhole: true } | { isWhole: false; name: string }

/** Draws what is published: the very pages that the web app shows in a browser. */
export type Pages = {
  /** A page as it is first shown, to a visitor who reads English; `page` is what it shows, as the web app takes it. `figures`: its numbers, by name. */
  draw(page: { path: string }): Promise<{ html: string; figures: Record<string, string> }>
  /** HTML of a Markdown text: by rule alone, and looked through for anything else. */
  read(text: string, naming: TextNaming): Promise<string>
}
