declare module "virtual:first-digits" {
  /** Ten images of 28 x 28 bytes, by class, as base64. */
  const digits: string;
  export default digits;
}
