/** Every cookie that a browser may have of a school, on either home: none of them opens what people do here. */
export const ALL_COOKIES = [
  ...['lectern_session', 'lectern_visit', 'lectern_resume', 'lectern_language'].flatMap((name) => [name, `__Secure-${name}`]),
  ...['CloudFront-Policy', 'CloudFront-Signature', 'CloudFront-Key-Pair-Id', 'Lectern-Stream'],
]
  .map((name) => `${name}=abc`)
  .join('; ')
