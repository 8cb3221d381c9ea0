/** Where the module lies, beside the scripts of the package. Bundlers recognise exactly this form as a file. */
export const moduleAddress = new URL("../wasm/ugradsl_web_bg.wasm", import.meta.url);
