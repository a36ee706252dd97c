import { trustedMarkup } from './trusted.ts'

/** Fills a shadow root with markup; what its `<style>` elements say becomes sheets, which need nobody's leave. web/contained.ts leads the player here. */
export const drawShadow = (root: ShadowRoot, text: string): void => {
  const template = document.createElement('template')
  template.innerHTML = trustedMarkup(text)
  root.adoptedStyleSheets = [...template.content.querySelectorAll('style')].map((style) => {
    const sheet = new CSSStyleSheet({ media: style.media })
    sheet.replaceSync(style.textContent ?? '')
    style.remove()
    return sheet
  })
  // For servers that draw the player; here its parts draw themselves.
  for (const drawn of template.content.querySelectorAll('template[shadowrootmode]')) drawn.remove()
  root.replaceChildren(template.content)
}

/** Where the player looks for rules of its own, in the shape of the elements they were in. */
export const sheetsOf = (root: ShadowRoot): { sheet: CSSStyleSheet }[] =>
  root.adoptedStyleSheets.filter(({ media }) => media.length === 0).map((sheet) => ({ sheet }))
