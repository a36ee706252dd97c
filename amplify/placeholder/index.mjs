export const handler = async () => {
  throw new Error('This function has been deployed without its bundle.')
}
