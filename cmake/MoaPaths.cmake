# The programs beside LLVM that moa uses, as cache variables. scripts/build.sh
# sets them; a build configured by hand finds them here.
#
#   MOA_PYTHON     Python with python/requirements-test.txt, for the tests
#   MOA_CUDA_ROOT  CUDA toolkit with bin/ptxas and nvvm/libdevice, 12.8 or
#                  later; empty for none, then no cubin can be made

include_guard(GLOBAL)

if(NOT MOA_PYTHON AND PROJECT_IS_TOP_LEVEL AND MOA_WITH_MLIR)
  set(moa_python ${PROJECT_BINARY_DIR}/venv/bin/python)
  if(NOT EXISTS ${moa_python})
    find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
    set(moa_python ${Python3_EXECUTABLE})
  endif()
  set(MOA_PYTHON ${moa_python} CACHE FILEPATH "Python that runs the tests")
endif()

if(NOT DEFINED MOA_CUDA_ROOT)
  set(moa_cuda_root)
  foreach(dir "$ENV{CUDA_HOME}" "$ENV{CUDA_PATH}" /usr/local/cuda)
    if(NOT moa_cuda_root AND EXISTS "${dir}/bin/ptxas"
       AND EXISTS "${dir}/nvvm/libdevice/libdevice.10.bc")
      set(moa_cuda_root ${dir})
    endif()
  endforeach()
  set(MOA_CUDA_ROOT "${moa_cuda_root}" CACHE PATH "CUDA toolkit, or empty")
endif()
