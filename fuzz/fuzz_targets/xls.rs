#![no_main]
//! Any bytes as a workbook of Excel 97: as the whole compound file or as the records within one.

mod reading;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    if choice % 2 == 0 {
        reading::read("backup_jobs", "备份任务.xls", bytes);
    } else {
        reading::read("backup_jobs", "备份任务.xls", &compound(bytes));
    }
});

/// A compound file with the one stream `Workbook`.
fn compound(stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    // The stream from sector 2 on; no mini stream, so that it is never too short for one.
    let sectors = stream.len().div_ceil(SECTOR).clamp(1, 120);
    let mut file = vec![0_u8; SECTOR];
    file[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    file[30..32].copy_from_slice(&9_u16.to_le_bytes());
    file[32..34].copy_from_slice(&6_u16.to_le_bytes());
    file[44..48].copy_from_slice(&1_u32.to_le_bytes());
    file[48..52].copy_from_slice(&1_u32.to_le_bytes());
    file[60..64].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    file[68..72].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    file[76..512].fill(0xff);
    file[76..80].copy_from_slice(&0_u32.to_le_bytes());
    let mut fat = [0xff_u8; SECTOR];
    fat[..4].copy_from_slice(&0xffff_fffd_u32.to_le_bytes());
    fat[4..8].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    for sector in 0..sectors {
        let next = if sector + 1 == sectors { 0xffff_fffe } else { u32::try_from(sector).expect("few") + 3 };
        fat[8 + 4 * sector..12 + 4 * sector].copy_from_slice(&next.to_le_bytes());
    }
    file.extend_from_slice(&fat);
    let length = stream.len().min(sectors * SECTOR);
    let mut directory = [0_u8; SECTOR];
    for (at, name, kind, start, size) in [(0, "Root Entry", 5, 0xffff_fffe_u32, 0), (128, "Workbook", 2, 2, length)] {
        for (unit, target) in name.encode_utf16().zip(directory[at..].chunks_exact_mut(2)) {
            target.copy_from_slice(&unit.to_le_bytes());
        }
        let bytes = u16::try_from(name.len() * 2 + 2).expect("short");
        directory[at + 64..at + 66].copy_from_slice(&bytes.to_le_bytes());
        directory[at + 66] = kind;
        directory[at + 116..at + 120].copy_from_slice(&start.to_le_bytes());
        directory[at + 120..at + 124].copy_from_slice(&u32::try_from(size).expect("small").to_le_bytes());
    }
    file.extend_from_slice(&directory);
    file.extend_from_slice(&stream[..length]);
    file.resize(SECTOR * (3 + sectors), 0);
    file
}
