/** What a file may be said to be. Nothing here is run or rendered as a page by a browser, whatever it holds. */
const HARMLESS =
  /^(application\/(pdf|zip|gzip|x-7z-compressed|epub\+zip|json|rtf|msword|vnd\.[a-z0-9.-]{1,80}|octet-stream)|text\/(plain|csv|markdown)|image\/(png|jpeg|gif|webp|avif|heic|tiff)|(audio|video|font)\/[a-z0-9.-]{1,40})$/

/** The browser's word for a file where it is one of the harmless kinds; everything else is bytes. */
export const safeType = (said: string): string => {
  const type = (said.split(';', 1)[0] ?? '').trim().toLowerCase()
  return HARMLESS.test(type) ? type : 'application/octet-stream'
}
