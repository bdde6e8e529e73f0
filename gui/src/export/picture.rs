//! Pictures as PNG.

use eframe::egui::ColorImage;
use spikewatt::diagnostic::Result;
use spikewatt::whole_file::write_whole;
use std::path::Path;

/// A picture as the bytes of a PNG file.
///
/// # Errors
/// Where it has no pixels.
pub fn encode_png(image: &ColorImage) -> std::result::Result<Vec<u8>, String> {
    let [width, height] = image.size;
    let (Ok(w), Ok(h)) = (u32::try_from(width), u32::try_from(height)) else { return Err("it is too large".into()) };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, w, h);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels: Vec<u8> = image.pixels.iter().flat_map(|pixel| pixel.to_srgba_unmultiplied()).collect();
    let mut writer = encoder.write_header().map_err(|error| error.to_string())?;
    writer.write_image_data(&pixels).map_err(|error| error.to_string())?;
    writer.finish().map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// Writes a picture as PNG, whole or not at all.
///
/// # Errors
/// Where it has no pixels, or cannot be written there.
pub fn write_png(path: &Path, image: &ColorImage) -> Result<()> {
    write_whole(path, |beside| std::fs::write(beside, encode_png(image)?).map_err(|error| error.to_string()))
}

/// Bytes as text (RFC 4648, section 4).
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for digit in 0..4 {
            let shown = digit <= three.len();
            text.push(if shown { DIGITS[(word >> (18 - 6 * digit) & 63) as usize] as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::Color32;

    #[test]
    fn bytes_are_written_as_the_standard_s_examples() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn a_picture_reads_back() {
        let image = ColorImage::new([2, 1], vec![Color32::from_rgb(1, 2, 3), Color32::WHITE]);
        let bytes = encode_png(&image).expect("a picture");
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let mut pixels = vec![0; 8];
        reader.next_frame(&mut pixels).expect("pixels");
        assert_eq!(pixels, [1, 2, 3, 255, 255, 255, 255, 255]);
        assert!(encode_png(&ColorImage::new([0, 0], Vec::new())).is_err());
    }
}
